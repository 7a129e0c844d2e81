import { chromiumOf } from '@es-internal/services/chromium';
import { workplaceOf } from '@es-internal/services/workplace';
import { chromium } from 'playwright-core';

/**
 * Opens a trace on Zipkin's page in a browser without a window, chooses one of its spans, and takes a picture.
 *
 * @returns the lines of text on the page.
 */
export const lookAtTrace = async (zipkin: string, traceId: string, span: string, picture: string): Promise<readonly string[]> => {
  const browser = await chromium.launch({ executablePath: await chromiumOf(workplaceOf(process.env)) });
  try {
    const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } });
    await page.goto(`${zipkin}/zipkin/traces/${traceId}`);
    await page.getByText(span, { exact: true }).click();
    const text = await page.locator('body').innerText();
    await page.screenshot({ path: picture, animations: 'disabled' });
    return text.split('\n');
  } finally {
    await browser.close();
  }
};

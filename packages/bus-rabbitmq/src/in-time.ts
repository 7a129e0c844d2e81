/** How long a broker may take to say goodbye, in milliseconds. */
const goodbyeMs = 2_000;

/** Waits for work to end, well or not, but not for long: a broker that hangs does not hold up whoever wants to end. */
export async function inTime(work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, goodbyeMs);
  await Promise.race([
    work.then(
      () => late.resolve(),
      () => late.resolve(),
    ),
    late.promise,
  ]);
  clearTimeout(timer);
}

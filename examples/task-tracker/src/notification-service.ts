import { TracingMixin, traced } from '@es/otel';

/** Hands a message to whoever delivers it. */
export type Deliver = (recipient: string, message: string) => Promise<void>;

/** Tells people what happened. A method whose attributes are always the same needs no more than a decorator. */
export class NotificationService extends TracingMixin() {
  readonly #deliver: { readonly email: Deliver; readonly sms: Deliver };

  constructor(deliver: { readonly email: Deliver; readonly sms: Deliver }) {
    super();
    this.initTracing('task-tracker');
    this.#deliver = deliver;
  }

  @traced('notification_service.send_email', { attributes: { channel: 'email' } })
  async sendEmail(recipient: string, message: string): Promise<void> {
    await this.#deliver.email(recipient, message);
  }

  @traced('notification_service.send_sms', { attributes: { channel: 'sms' } })
  async sendSms(phone: string, message: string): Promise<void> {
    await this.#deliver.sms(phone, message);
  }
}

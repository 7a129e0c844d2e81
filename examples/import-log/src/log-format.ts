/** Where a line of a log says what. */
export interface LogFormat {
  /** The kind of aggregate that the log is about; every one has its own stream. */
  readonly aggregateType: string;
  /** Field with the aggregate's id, a string or a whole number. */
  readonly idField: string;
  /** Field with the type of the event. */
  readonly typeField: string;
  /** Field with the time at which it happened, ISO 8601 with an offset. */
  readonly timeField: string;
}

/** One promise of a port, as a test that any adapter must pass. `Need` names the capabilities without which it makes no sense. */
export interface ConformanceCase<Setting, Need extends string> {
  /** A sentence about the component: what it does. */
  readonly name: string;
  readonly needs?: Need;
  readonly run: (setting: Setting) => Promise<void>;
}

/** Cases about one topic. */
export interface ConformanceSection<Setting, Need extends string> {
  readonly topic: string;
  readonly cases: readonly ConformanceCase<Setting, Need>[];
}

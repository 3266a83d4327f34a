/** An alert as the operators have it, and what it must hold for. */
export interface OperatorsAlert {
  readonly alert: string;
  /** PromQL that is true while it fires. */
  readonly expr: string;
  /** As Prometheus writes it; null: at once. */
  readonly for: string | null;
  readonly severity: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Server criterion whose own alert it stands for. */
  readonly replaces: string | null;
  readonly why: string;
}

/** A share of what is asked that must be good over 30 days. */
export interface Objective {
  readonly id: string;
  /** 0.999: 99.9%. */
  readonly objective: number;
  /** PromQL; the share that was not good over `$window`. */
  readonly bad: string;
  readonly why: string;
}

export interface Alerting {
  readonly alerts: readonly OperatorsAlert[];
  readonly objectives: readonly Objective[];
}

export const NO_ALERTING: Alerting = { alerts: [], objectives: [] };

/** One direction of a HorizontalPodAutoscaler's `behavior`. */
export interface ScalingRule {
  /** Most pods that a period may add or take; null: no such policy. */
  readonly pods: number | null;
  /** The same as a share of the pods at the period's start; null: no such policy. */
  readonly share: number | null;
  readonly periodSeconds: number;
  readonly stabilizationSeconds: number;
}

export interface Autoscaler {
  readonly min: number;
  readonly max: number;
  /** Share of the request that an average pod shall use. */
  readonly target: number;
  /** Request of one pod, in the usage's unit. */
  readonly request: number;
  readonly up: ScalingRule;
  readonly down: ScalingRule;
}

/** Kubernetes' own, where `behavior` says nothing (Horizontal Pod Autoscaling, Default behavior). */
export const DEFAULT_UP: ScalingRule = { pods: 4, share: 1, periodSeconds: 15, stabilizationSeconds: 0 };
export const DEFAULT_DOWN: ScalingRule = {
  pods: null,
  share: 1,
  periodSeconds: 15,
  stabilizationSeconds: 300,
};

/** --horizontal-pod-autoscaler-tolerance: a ratio this near to one changes nothing. */
const TOLERANCE = 0.1;

/**
 * What the autoscaler asks for before `behavior`: ⌈current × usage of a pod / (target × request)⌉, and nothing new
 * within the tolerance (Kubernetes, Algorithm details).
 *
 * @param usage of all pods together
 */
export function desiredReplicas(
  current: number,
  usage: number,
  { target, request, min, max }: Pick<Autoscaler, "target" | "request" | "min" | "max">,
): number {
  const ratio = usage / current / (target * request);
  const raw = Math.abs(ratio - 1) <= TOLERANCE + 1e-9 ? current : Math.ceil(current * ratio - 1e-9);
  return Math.min(max, Math.max(min, raw));
}

/**
 * Replicas at every step of a usage that all pods share, starting from `start`. Stabilisation takes the lowest wish of its
 * window upwards and the highest downwards; of several policies the one that changes most counts, as by default.
 */
export function simulateHpa(
  usage: readonly number[],
  stepSeconds: number,
  autoscaler: Autoscaler,
  start = autoscaler.min,
): number[] {
  const replicas: number[] = [];
  const wishes: number[] = [];
  let current = start;
  for (const [index, used] of usage.entries()) {
    wishes.push(desiredReplicas(current, used, autoscaler));
    const recent = (seconds: number) => wishes.slice(Math.max(0, index - Math.floor(seconds / stepSeconds)));
    const before = (seconds: number) =>
      replicas[Math.max(0, index - Math.ceil(seconds / stepSeconds))] ?? start;
    const up = Math.min(...recent(autoscaler.up.stabilizationSeconds));
    const down = Math.max(...recent(autoscaler.down.stabilizationSeconds));
    if (up > current) {
      const from = before(autoscaler.up.periodSeconds);
      current = Math.max(current, Math.min(up, from + most(autoscaler.up, from)));
    } else if (down < current) {
      const from = before(autoscaler.down.periodSeconds);
      current = Math.min(current, Math.max(down, from - most(autoscaler.down, from)));
    }
    replicas.push(current);
  }
  return replicas;
}

const most = ({ pods, share }: ScalingRule, from: number) =>
  Math.max(pods ?? 0, share === null ? 0 : Math.ceil(from * share));

import type { Latent } from "../../model/sizing-line.ts";
import { nodeBound } from "./instance-growth.ts";
import type { InstancesParams } from "./instances-params.ts";
import { withRedundancy } from "./redundancy.ts";
import type { GrowthBound, SizingContext } from "./sizer.ts";

/** How far it grows by itself: the autoscaler's maximum, as far as nodes, quota and database let it. */
export function growthOf(
  params: InstancesParams,
  context: SizingContext,
): { most: number; why: string[] } | undefined {
  const { ceiling, current } = params;
  if (ceiling === undefined) return undefined;
  const bounds = boundsOf(params, context).filter(({ most }) => most < ceiling);
  const most = Math.max(current, Math.min(ceiling, ...bounds.map((bound) => bound.most)));
  return {
    most,
    why: bounds.map(
      (bound) =>
        `the autoscaler may start ${ceiling}; ${bound.why}: at most ${Math.max(0, bound.most)} can run, so that ${most} count`,
    ),
  };
}

function boundsOf(params: InstancesParams, context: SizingContext): Omit<GrowthBound, "resource">[] {
  const { nodes, requests, quota } = params;
  const byNodes = nodeBound(nodes, requests, params.surge, context.catalogue);
  return [
    ...(byNodes === null ? [] : [byNodes]),
    ...(quota === undefined ? [] : [{ most: quota, why: `the quota is ${quota}` }]),
    ...context.bounds,
  ];
}

/** What is left when the fullest zone is lost: told, where it is not planned for. */
export function zoneLoss({ spread, zones, spare }: InstancesParams, chosen: number): Latent[] {
  if (spread === undefined || zones !== undefined || spread < 2) return [];
  const left = chosen - Math.ceil(chosen / spread);
  const needed = chosen - spare;
  if (left >= needed) return [];
  const enough = withRedundancy(needed, { spare: 0, zones: spread });
  return [
    {
      what: `when one of ${spread} zones is lost, ${left} of ${chosen} instances are left, ${needed} are needed`,
      need: enough,
      cures: [
        `wait for ${needed - left} more to start in the other zones`,
        `run ${enough}, so that the others suffice at once (\`zones: ${spread}\` in the profile)`,
      ],
    },
  ];
}

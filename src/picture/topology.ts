import { drawBeside } from './beside.ts';
import { Drawing } from './drawing.ts';
import { foldLanes, foldNamespaces } from './fold.ts';
import type { Picture } from './picture.ts';
import { drawPool } from './pools.ts';
import { drawRoutes } from './routes.ts';
import { IN_DETAIL, type Scene } from './scene.ts';

/** Everything between the Gateways and the model servers of these pools; what is the same many times is there once. */
export function pictureOf(scene: Scene): Picture {
  const detailed = scene.pools.length <= IN_DETAIL;
  const drawing = new Drawing(scene);
  drawRoutes(drawing, detailed);
  for (const { ref, v1 } of scene.pools) {
    drawPool(drawing, ref);
    if (v1) drawPool(drawing, v1);
  }
  drawBeside(drawing, detailed);
  const nodes = [...drawing.nodes.values()];
  const namespaces = [...new Set(nodes.map(({ group }) => group))].filter((name) => name !== '').sort();
  const whole: Picture = {
    title: scene.title,
    notes: scene.notes,
    groups: namespaces.map((name) => ({ key: name, title: `namespace ${name}` })),
    nodes,
    edges: drawing.edges,
  };
  return foldNamespaces(foldLanes(whole));
}

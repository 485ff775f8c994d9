import type { Box } from './layout.ts';
import type { NodeKind } from './picture.ts';

/** How far points and slants reach into a box. */
const SLANT = 12;

/** The outline of a node: each kind has a shape of its own, so that nothing hangs on colour alone. */
export function outline(kind: NodeKind, box: Box, classes: string): string {
  const { left, right, top, bottom } = edgesOf(box);
  const path = (d: string) => `<path class="${classes}" d="${d}"/>`;
  const rect = (radius: number, inset = 0) =>
    `<rect class="${classes}" x="${left + inset}" y="${top + inset}" width="${box.width - 2 * inset}" height="${box.height - 2 * inset}" rx="${radius}"/>`;
  switch (kind) {
    case 'gateway':
      return rect(Math.min(box.height / 2, 28));
    case 'rule':
      return rect(10);
    case 'alphaPool':
      return path(
        `M${left + SLANT},${top}H${right - SLANT}L${right},${box.y}L${right - SLANT},${bottom}H${left + SLANT}L${left},${box.y}Z`,
      );
    case 'v1Pool':
      return `${rect(2)}${rect(2, 4)}`;
    case 'picker':
      return path(`M${left + SLANT},${top}H${right}L${right - SLANT},${bottom}H${left}Z`);
    case 'servers':
      return path(
        `M${left},${top + 6}C${left},${top - 2} ${right},${top - 2} ${right},${top + 6}V${bottom - 6}C${right},${bottom + 2} ${left},${bottom + 2} ${left},${bottom - 6}Z`,
      );
    case 'models':
      return path(
        `M${left},${top}H${right - SLANT}L${right},${top + SLANT}V${bottom}H${left}ZM${right - SLANT},${top}V${top + SLANT}H${right}`,
      );
    case 'other':
      return path(`M${left},${top}H${right}V${bottom}H${left}L${left + SLANT},${box.y}Z`);
    case 'route':
    case 'backend':
      return rect(3);
  }
}

export function edgesOf({ x, y, width, height }: Box): {
  left: number;
  right: number;
  top: number;
  bottom: number;
} {
  return {
    left: tenth(x - width / 2),
    right: tenth(x + width / 2),
    top: tenth(y - height / 2),
    bottom: tenth(y + height / 2),
  };
}

export function tenth(number: number): number {
  return Math.round(number * 10) / 10;
}

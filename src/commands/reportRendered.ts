import { createHash } from 'node:crypto';
import { PICTURE_CSS } from '../picture/style.ts';
import { pageCss, reportPage } from '../report/html/page.ts';
import type { ReportData } from '../report/reportData.ts';
import { reportMarkdown } from '../report/reportMarkdown.ts';

export function rendered(data: ReportData, format: 'html' | 'markdown'): string {
  if (format === 'markdown') return reportMarkdown(data);
  const css = pageCss(PICTURE_CSS);
  return reportPage(data, css, createHash('sha256').update(css).digest('base64'));
}

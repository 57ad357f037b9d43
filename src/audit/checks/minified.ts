/** Scripts and styles that are not minified: measured by minifying them. terser and csso read them and run nothing. */
import { minify as minifyStyle } from 'csso';
import { minify as minifyScript } from 'terser';
import { type Asset, textOf } from '../asset.js';
import type { Checked } from '../audit-result.js';
import type { Subject } from '../subject.js';

const SAVED_RATIO_MIN = 0.1;
const SAVED_BYTES_MIN = 1024;
/** A larger one takes terser a minute. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** @param signal what is not reached is left out */
export async function minified({ assets }: Subject, signal: AbortSignal): Promise<Checked> {
  const texts = assets.filter(({ kind }) => kind === 'script' || kind === 'style');
  const findings: Checked['findings'][number][] = [];
  let looked = 0;
  for (const asset of texts) {
    if (signal.aborted) break;
    if (asset.bytes.length > FILE_BYTES_MAX) continue;
    const least = await leastBytes(asset);
    if (least === undefined) continue;
    looked += 1;
    const savedBytes = asset.bytes.length - least;
    if (savedBytes < Math.max(SAVED_BYTES_MIN, SAVED_RATIO_MIN * asset.bytes.length)) continue;
    findings.push({
      kind: 'not_minified',
      where: asset.name,
      text: `${asset.bytes.length} bytes, ${least} when minified.`,
      fix:
        asset.kind === 'script'
          ? 'Minify it at build time: esbuild --minify, or terser -c -m.'
          : 'Minify it at build time: esbuild --minify, or csso.',
      savedBytes,
    });
  }
  return { item: 'static_files', looked, findings };
}

/** Undefined where it is not what its name says. */
async function leastBytes(asset: Asset): Promise<number | undefined> {
  const text = textOf(asset);
  try {
    if (asset.kind === 'style') return Buffer.byteLength(minifyStyle(text).css);
    const isModule = /^\s*(?:import|export)\b/m.test(text);
    const { code } = await minifyScript(text, { module: isModule, compress: true, mangle: true });
    return code === undefined ? undefined : Buffer.byteLength(code);
  } catch {
    return undefined;
  }
}

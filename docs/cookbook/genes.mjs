/**
 * 500 genes of 150 patients in 100 modules of five: genes of a module are near twins (correlations of about 0.9). The response to
 * a therapy depends on g12 and on g258, nothing else.
 */
import { draws, printCsv } from './random.mjs';

const { uniform, normal } = draws(3);

printCsv(Array.from({ length: 150 }, () => {
  const modules = Array.from({ length: 100 }, normal);
  const genes = Array.from({ length: 500 }, (_, g) => modules[Math.floor(g / 5)] + 0.33 * normal());
  const responds = uniform() < 1 / (1 + Math.exp(-2.2 * genes[11] + 2 * genes[257]));
  return { ...Object.fromEntries(genes.map((gene, g) => [`g${g + 1}`, gene.toFixed(3)])), response: responds ? 'yes' : 'no' };
}));

/** Whether a model's units fit into float32, in which most exports compute from the first number to the last. */
import { classesOf, eachOf, unitsOf, type Units } from '../likelihood/index.js';
import { fail } from '../errors.js';
import type { CompressedModel } from '../types.js';
import { outputLayer } from './dense.js';
import type { ExportFormat, OnnxInput } from './formats.js';
import { option, words, type Words } from '../voice.js';

/** Formats that have the scale of the target multiplied into their last layer. The others keep it, as bnnc does, in doubles. */
const FOLDING: readonly ExportFormat[] = ['onnx', 'tfjs', 'savedmodel'];

/** The largest float32, and the smallest that has all its digits. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;
const SMALLEST = 2 ** -126;
/** A number so many standard deviations from the mean is still to be predicted, and so small a share of one to be told. */
const MARGIN = 1000;

/**
 * Refuses what would be written as infinity, or as zero, or would give NaN.
 * @throws `run.float32-range`
 */
export function checkRange(model: CompressedModel, formats: readonly ExportFormat[], onnxInput?: OnnxInput): void {
  const { encoder: { target, features }, layers } = model;
  const folding = formats.filter((format) => FOLDING.includes(format));
  if (!classesOf(target) && folding.length > 0) {
    const { weight, bias } = outputLayer(layers[layers.length - 1], model);
    const overflow = ![weight, bias].every((values) => values.every(Number.isFinite));
    const misfits = eachOf(target).map((each) => [each.name, misfit(unitsOf(each))] as const);
    const [name, size] = misfits.find(([, found]) => found) ?? misfits[0];
    refuse(overflow ? 'large' : size, `the target '${name}'`, `${folding.join(', ')} would have to store`,
      words`choose among json, js and safetensors with ${option('formats')}`);
  }
  if (onnxInput !== 'raw' || !formats.includes('onnx')) return;
  for (const { name, columns } of features) {
    const number = columns.find(({ type }) => type === 'number');
    if (number) refuse(misfit({ scale: number.scale, shift: number.mean }), `the input '${name}'`, 'model.onnx would have to read', words`leave out ${option('onnxInput', 'raw')}`);
  }
}

/** What is wrong with numbers of this mean and standard deviation. */
function misfit({ shift, scale }: Units): 'large' | 'small' | undefined {
  if (!(Math.abs(shift) + MARGIN * scale <= LARGEST)) return 'large';
  return scale < MARGIN * SMALLEST ? 'small' : undefined;
}

function refuse(size: 'large' | 'small' | undefined, what: string, why: string, otherwise: Words): void {
  if (size === undefined) return;
  const unit = size === 'large' ? 'larger' : 'smaller';
  throw fail('run.float32-range', `${what} is too ${size} for float32, in which ${why} it`, {
    hint: words`Train again with this column in a ${unit} unit, or ${otherwise}.`,
  });
}

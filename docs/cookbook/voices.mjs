/**
 * Ten recordings of each of 40 speakers. The score of a disease belongs to the speaker and depends on the tremor. Pitch, formant
 * and breath are nearly the same in all recordings of a speaker, and say nothing of the score.
 */
import { draws, printCsv } from './random.mjs';

const { normal } = draws(21);

printCsv(Array.from({ length: 40 }, (_, speaker) => {
  const [tremor, pitch, formant, breath] = [normal(), normal(), normal(), normal()];
  const score = 30 + 6 * tremor + 4 * normal();
  return Array.from({ length: 10 }, () => ({
    speaker: `s${speaker + 1}`,
    tremor: (tremor + 0.05 * normal()).toFixed(3),
    pitch: (160 + 30 * pitch + 1 * normal()).toFixed(1),
    formant: (500 + 60 * formant + 2 * normal()).toFixed(0),
    breath: (breath + 0.05 * normal()).toFixed(3),
    score: score.toFixed(1),
  }));
}).flat());

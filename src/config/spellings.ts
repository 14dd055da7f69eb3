/** Other ways to say what a key says: what they accept. */
import { z } from 'zod';

export const timeAndEvent = z.strictObject({ time: z.string().min(1), event: z.string().min(1) });

export const spellings = {
  noise: z.enum(['student', 'varying']).optional().describe('Of a number: data.task: student or varying, said otherwise.'),
  transform: z.enum(['log']).optional().describe('Of a positive number: log is data.task: log-regression, said otherwise.'),
};

/** Keys that no resolved config has. */
export const SPELLINGS = Object.keys(spellings).map((key) => `data.${key}`);

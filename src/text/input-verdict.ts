/** The verdict on an input, as text. */

/** What may follow wherever no input, or no other one, was found. */
export const NOT_FOUND =
  'This does not show that no input matters: weak effects, and effects that many inputs share, go unnoticed in few rows.';

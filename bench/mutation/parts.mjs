// Folders of src whose lines are changed, and the tests that concern them.
export const PARTS = {
  likelihood: ['test/{unit,engine}/likelihood/**/*.test.ts'],
  model: ['test/{unit,engine}/model/**/*.test.ts', 'test/unit/inference/inclusion/**/*.test.ts'],
  inference: ['test/{unit,engine}/inference/**/*.test.ts'],
};

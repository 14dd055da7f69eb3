/**
 * Writes docs/glossary.md from the words of `bnnc explain`: node scripts/glossary-docs.mjs > docs/glossary.md
 *
 * Reads the built program (`npm run build`). A test holds the committed file to what this prints.
 */
import { glossary } from 'bnnc';

const INTRODUCTION = `# Glossary

<!-- Written by scripts/glossary-docs.mjs from src/text/glossary.ts; edit that. -->

One thing has one word in commands, tables, files and documents. \`bnnc explain WORD\` prints what stands here, and what a config key does.`;

const escaped = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const rows = glossary().map(({ word, also, text, see }) => {
  const others = also.length > 0 ? ` Also: ${also.join(', ')}.` : '';
  const links = see.length > 0 ? ` See ${see.join(', ')}.` : '';
  return `| **${word}** | ${escaped(text + others + links)} |`;
});
process.stdout.write(`${INTRODUCTION}\n\n| word | meaning |\n|---|---|\n${rows.join('\n')}\n`);

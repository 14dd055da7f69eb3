export const documentOf = (records) => `${records.length}\n`;

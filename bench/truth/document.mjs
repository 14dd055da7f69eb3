export const document = (records, tag) => tag + ' ' + records.length + '\n';

/** Metrics as rows for {@link textTable}. */
export { metricCell, metricOf, metricRows } from '../text/metric-rows.js';

/** Metrics as rows for {@link textTable}. */
export { METRIC_ROWS, metricCell, metricRows } from '../text/metric-rows.js';

export { Ledger } from '@es-internal/services/ledger';
export { until } from '@es-internal/services/until';

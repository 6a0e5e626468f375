/**
 * Calibration: of the flights with a risk of about 30 %, are about 30 % late?
 *
 * in:  risks [0.12, 0.18, 0.72, 0.78], labels [0, 1, 1, 1]
 * out: ece 0.3 (risks 0.15 and 0.75 on average, late shares 0.5 and 1: half of 0.35 and half of 0.25)
 *
 * Rule: ten bins of equal width; the expected calibration error is the mean distance between risk and late share of the
 * bins, weighted by their flights.
 *
 * When it misleads: a model that gives everyone the base rate is perfectly calibrated. Read it beside AUC.
 *
 * Source: Naeini, Cooper & Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning" (2015).
 */
export const RISK_BINS = 10;

export function ece(risks: Float32Array, labels: Uint8Array): number {
  const riskSums = new Float64Array(RISK_BINS);
  const lateSums = new Float64Array(RISK_BINS);
  for (let i = 0; i < risks.length; i++) {
    const bin = riskBin(risks[i]!);
    riskSums[bin]! += risks[i]!;
    lateSums[bin]! += labels[i]!;
  }
  const distances = riskSums.map((riskSum, bin) => Math.abs(riskSum - lateSums[bin]!));
  return distances.reduce((sum, distance) => sum + distance, 0) / risks.length;
}

/** The share of flights in each tenth of the risk scale. */
export function riskHistogram(risks: Float32Array): number[] {
  const counts = Array.from({ length: RISK_BINS }, () => 0);
  for (const risk of risks) counts[riskBin(risk)]!++;
  return counts.map((count) => count / risks.length);
}

/** Which tenth of the risk scale a risk falls into. */
export function riskBin(risk: number): number {
  return Math.min(Math.floor(risk * RISK_BINS), RISK_BINS - 1);
}

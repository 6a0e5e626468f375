/** The help of `mlops lineage` and `mlops reproduce`. */
export const REPRODUCE_USAGE = `mlops lineage, mlops reproduce: where a model comes from, and whether it comes again

  mlops lineage VERSION     from the model back to the files it was made of
  mlops reproduce VERSION   train it again without cache
    --data PLACE            where the data versions are that it was made of (default DATA_URL or MODELS_DIR/data)
    --models DIR            the model registry (default MODELS_DIR or .triops/mlops)

Example
  npx mlops reproduce 2001-01-31-fda544fb

Exit codes: 0 done, the weights are the same, bit for bit · 1 different, or no such model · 2 not understood
`;

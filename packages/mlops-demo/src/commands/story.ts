/** The help of `mlops story`. */
export const STORY_USAGE = `mlops story: what the real flights of 2001 do to a model, played with the real parts (minutes on two cores)

  mlops story april    1 to 15 April: clocks and timetables change, the January model fails, a challenger takes over
  mlops story months   February to June: a model of January beside one trained every month
    --out FILE         the chart, as SVG
    --rows N           training rows of each model (default 150000)

Example
  npx mlops story months --out january-to-june.svg

Exit codes: 0 done · 1 failed · 2 not understood
`;

/** The parts of the system that the control room watches. It asks all of them and none of them depends on it. */

export const partNames = ['flights-api', 'model-server', 'aiops', 'replay'] as const;
export type PartName = (typeof partNames)[number];

/** What each part is, in the words of the page. */
export const roles: Record<PartName, string> = {
  'flights-api': 'departures board',
  'model-server': 'delay-risk model',
  aiops: 'watches the rest',
  replay: 'plays real flights',
};

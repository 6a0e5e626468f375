/**
 * Features as data: the rows are in files beside the entry already, so a table becomes its flights and the name of its file.
 *
 * in:  FeaturesIn<FeatureFile> → out: the same without `read`, and back for the folder that the files are in
 */
import type { FeaturesIn, TableFlights } from '../features.js';
import { openFeatureFile } from '../features/feature-file/store.js';
import type { FeatureFile } from '../features/feature-file/store.js';
import type { StageCodec } from './stage-cache.js';

type Packed = FeaturesIn<TableFlights & { file: string }>;

export const FEATURES_CODEC: StageCodec = {
  pack(value) {
    const { train, tests, because } = value as FeaturesIn<FeatureFile>;
    const plain = ({ file, positions, labels, days }: FeatureFile) => ({ file, positions, labels, days });
    const packed: Packed = {
      train: plain(train),
      tests: tests.map((test) => ({ period: test.period, ...plain(test) })),
      because,
    };
    return Promise.resolve(packed);
  },
  unpack(plain, folder) {
    const { train, tests, because } = plain as Packed;
    const open = ({ file, ...flights }: Packed['train']): FeatureFile =>
      openFeatureFile(folder, file, flights);
    const features: FeaturesIn<FeatureFile> = {
      train: open(train),
      tests: tests.map(({ period, ...test }) => ({ period, ...open(test) })),
      because,
    };
    return Promise.resolve(features);
  },
};

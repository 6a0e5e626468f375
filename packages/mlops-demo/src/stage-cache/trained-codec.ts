/**
 * A trained model as data: the network becomes its two files. tfjs, half a second of loading, is only loaded when a network is.
 *
 * in:  Trained → out: the same with files instead of the network, and back onto the backend that is set
 */
import type { NetworkFiles } from '../model.js';
import type { Trained } from '../train.js';
import type { StageCodec } from './stage-cache.js';

type PackedTrained = Omit<Trained, 'model'> & {
  model: { files: NetworkFiles } & Omit<Trained['model'], 'network'>;
};

export const TRAINED_CODEC: StageCodec = {
  async pack(value: unknown): Promise<PackedTrained> {
    const { saveNetwork } = await import('../model.js');
    const { model, ...trained } = value as Trained;
    const { network, ...rest } = model;
    return { ...trained, model: { ...rest, files: await saveNetwork(network) } };
  },
  async unpack(plain: unknown): Promise<Trained> {
    const { loadNetwork } = await import('../model.js');
    const { model, ...trained } = plain as PackedTrained;
    const { files, ...rest } = model;
    return { ...trained, model: { ...rest, network: await loadNetwork(files) } };
  },
};

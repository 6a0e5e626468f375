/** Challengers whose worth is known: the champion's twin, one of another seed, and one that has learned nothing. */
import { createNetwork, digestOf, readModel, registerModel, saveNetwork } from 'mlops-demo/serving';

export interface Entrant {
  title: string;
  version: string;
}

export async function addChallengers(
  modelsDir: string,
  champion: string,
  otherSeed: string,
): Promise<Entrant[]> {
  const artifact = await readModel(modelsDir, champion);
  if (artifact.state !== 'sound') throw new Error(`bench: ${champion}: ${artifact.because}`);
  const { files, manifest } = artifact;
  const twin = `${champion}-twin`;
  await registerModel(modelsDir, { files, manifest: { ...manifest, version: twin } });
  const unlearned = `${champion}-unlearned`;
  const network = await saveNetwork(createNetwork(9));
  const digests = {
    'model.json': digestOf(network['model.json']),
    'weights.bin': digestOf(network['weights.bin']),
  };
  await registerModel(modelsDir, {
    files: { ...files, ...network },
    manifest: { ...manifest, version: unlearned, files: { ...manifest.files, ...digests } },
  });
  return [
    { title: 'the champion again', version: twin },
    { title: 'another seed', version: otherSeed },
    { title: 'never trained', version: unlearned },
  ];
}

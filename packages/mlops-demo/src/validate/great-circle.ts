/**
 * The shortest way between two airports over the earth's surface, in miles.
 *
 * in:  two places with latitude and longitude → out: miles
 *
 * Rule: haversine on a sphere of 3958.8 miles. On all 3,000,000 flights the stated distance is within 1.4 % of it, so a distance more than
 * 5 % off is wrong: other units, another column, another airport.
 *
 * When it misleads: between places a few miles apart; the nearest pair of the data is 30 miles apart.
 *
 * Source: R. W. Sinnott, Virtues of the Haversine, Sky and Telescope 68 (1984); the mean radius of the earth, 6371.0 km.
 *
 * Example: SDF to ORD → 287 miles
 */
interface Place {
  latitude: number;
  longitude: number;
}

const RADIUS_MILES = 3958.8;

/** Miles between the two. */
export function greatCircleMiles(from: Place, to: Place): number {
  const north = radians(to.latitude - from.latitude);
  const east = radians(to.longitude - from.longitude);
  const cosines = Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude));
  const half = Math.sin(north / 2) ** 2 + cosines * Math.sin(east / 2) ** 2;
  return 2 * RADIUS_MILES * Math.asin(Math.sqrt(half));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

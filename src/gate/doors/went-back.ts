/** The store knows fewer acts than were acknowledged: it was put back to an older state, and a door that was shut may look open. */
export class WentBack extends Error {
  override readonly name = "WentBack";
}

export function wentBack(place: string): WentBack {
  return new WentBack(`the doors in ${place} are older than what was seen of them`);
}

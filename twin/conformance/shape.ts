/** `GET /x/{id}` of a description and `GET /x/:number` of the twin alike, without the names. */
export function shape(place: string): string {
  // GitHub describes the contents of a repository's root as those of an empty path.
  return place.replace(/\/contents$/, "/contents/{}").replace(/\{\w+\}|:\w+\*?/g, "{}");
}

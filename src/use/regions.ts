/** Member states of the European Union, ISO 3166-1 alpha-2. Source: https://european-union.europa.eu/principles-countries-history/eu-countries_en */
const EU = new Set("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" "));

/**
 * Whether a place lies in one of the regions that a license bars. `EU` asked for as a whole is barred where a member state is:
 * who names the Union may be anywhere in it.
 */
export function isBarred(asked: string, regions: readonly string[]): boolean {
  return regions.some((region) => region === asked || (region === "EU" && EU.has(asked)) || (asked === "EU" && EU.has(region)));
}

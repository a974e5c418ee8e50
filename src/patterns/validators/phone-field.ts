// Names of fields that say their values are numbers of telephones: the cell of a column holds the number alone, without a word beside it.

/** Names are hostile too. */
const MOST_UNITS = 200;

const KINDS =
  "(?:tele|mobile ?|cell ?|smart)?phones?|tels?|mobiles?|cell (?=no|number)|fax|whatsapp|msisdn|hotline|landline|telefon[aeo]?s?|teléfonos?|téléphones?|celular|móvil|handy";
const OF_WHAT = "no|nr|nums?|numbers?|numero|home|work|office|main|primary|secondary|personal|mobile|cell|raw|e ?164";
/** At the name's end: `phone_id` and `mobile_version` are about something else. */
const LATIN = new RegExp(`(?:^|[^\\p{L}])(?:${KINDS})(?: (?:${OF_WHAT})){0,2}(?: ?\\d{1,2}| \\*)?$`, "iu");
const CHINESE =
  /(?:手机|手機|电话|電話|座机|座機|固话|固話|传真|傳真|热线|熱線|手提)(?:号码|號碼|号|號)?(?: ?(?:no|number))? ?(?:\d{1,2}|\*)?$/i;
const CONTACT = /(?:(?:联系|联络|聯絡|聯繫)(?:方式|人|号码|號碼)|(?:^|[^a-z])contacts?(?: (?:info|details|no|number))?)$/i;

/** Whether a column or field of this name (`/user/phoneNumber`, `手机号`) holds telephone numbers. */
export function namesPhone(field: string | undefined): boolean {
  if (field === undefined) return false;
  const name = wordsOf(field);
  return LATIN.test(name) || CHINESE.test(name);
}

/** Whether it says how to reach somebody, by telephone or otherwise. */
export function namesContact(field: string | undefined): boolean {
  return field !== undefined && CONTACT.test(wordsOf(field));
}

function wordsOf(field: string): string {
  return field
    .slice(-MOST_UNITS)
    .replace(/([a-z])(?=[A-Z])/g, "$1 ")
    .replace(/[\s_./[\]()-]+/g, " ")
    .trim();
}

import type { Language } from './spoken-time.ts';

/**
 * What a word tells us: `okay` is a yes that may also be a mere acknowledgement, `cannotCome` a no that may also be a yes
 * to "shall we cancel it?", `regret` goes with a no and makes
 * anything else doubtful. A word that is not listed always stops us from acting; `doubt` lists those that are certainly
 * about what was asked. No yes is one slip from a no or a doubt; what is
 * so near stands in `faintYes`.
 */
export type WordMeaning = 'yes' | 'okay' | 'no' | 'cannotCome' | 'regret' | 'doubt' | 'courtesy';

type Lists = Record<Language, string>;

/** Separated by commas; letters with marks are also known without them, ä ö ü also as ae oe ue. */
export const answerWords: Record<WordMeaning, Lists> = {
  yes: {
    en: `yes, yep, yeah, yup, yea, sure, of course, definitely, absolutely, confirm, confirmed, i confirm, i will come,
      i'll come, i am coming, i'm coming, i will be there, i'll be there, i'll take it, i will take it, i take it`,
    fi: `kyllä, kyl, joo, juu, jep, tottakai, totta kai, toki, varmasti, ehdottomasti, vahvistan, tulen, minä tulen, tuun,
      mä tuun, olen tulossa, otan, otan sen, otan ajan, sopii, se sopii, sopii hyvin, käy, käy hyvin, se käy`,
    sv: `ja, japp, jepp, jajamän, visst, javisst, självklart, absolut, gärna, bekräftar, jag bekräftar, jag kommer,
      jag tar den, jag tar tiden, tar den, passar, det passar, passar bra, det passar bra, det går bra`,
    de: `ja, jap, jup, jawohl, klar, ja klar, na klar, sicher, natürlich, selbstverständlich, gern, gerne, bestätige,
      bestätigt, ich bestätige, ich komme, ich nehme ihn, den nehme ich, ich nehme den termin, passt, das passt,
      passt mir, das passt mir, geht klar`,
    it: `sì, si, sí, certo, certamente, sicuramente, volentieri, confermo, confermato, vengo, ci sarò, lo prendo,
      la prendo, mi va bene`,
  },
  okay: {
    en: `ok, okay, okey, oki, alright, all right, fine, perfect, great, sounds good, that works, that's fine, agreed`,
    fi: `okei, selvä, selvä juttu, selvä homma`,
    sv: `okej, perfekt, toppen, det låter bra, låter bra`,
    de: `in ordnung, alles klar, einverstanden, perfekt, super`,
    it: `va bene, d'accordo, d accordo, perfetto, tutto ok`,
  },
  no: {
    en: `no, nope, nah`,
    fi: `ei, en`,
    sv: `nej, nä, nää, nix`,
    de: `nein, nee, ne, nö, lieber nicht`,
    it: `no`,
  },
  cannotCome: {
    en: `can't, cannot, i can't, i cannot, can't come, cannot come, i can't come, i cannot come,
      can't make it, cannot make it, i can't make it, i cannot make it, won't come, i won't come, won't make it,
      i won't make it, not coming, i'm not coming, i am not coming, not possible, not this time, unfortunately not`,
    fi: `en pääse, emme pääse, ei pääse, en pääse tulemaan, en voi, en voi tulla, en tule, en tuu, en pysty, en ehdi,
      en halua, en ota, ei käy, ei sovi, ei onnistu, ei pysty, ei tällä kertaa`,
    sv: `kan inte, jag kan inte, kan inte komma, jag kan inte komma, kan ej, kan ej komma, kommer inte,
      jag kommer inte, går inte, det går inte, passar inte, det passar inte, hinner inte, jag hinner inte, tyvärr inte,
      kan tyvärr inte, jag kan tyvärr inte`,
    de: `geht nicht, das geht nicht, kann nicht, ich kann nicht, kann nicht kommen,
      ich kann nicht kommen, ich kann leider nicht, ich kann leider nicht kommen, leider nicht, komme nicht,
      ich komme nicht, passt nicht, das passt nicht, passt mir nicht, das passt mir nicht, schaffe es nicht,
      ich schaffe es nicht`,
    it: `non posso, non posso venire, non vengo, non riesco, non riesco a venire, non ci sarò, non confermo,
      non va bene, non mi va bene, non ce la faccio`,
  },
  regret: {
    en: `sorry, i'm sorry, i am sorry, unfortunately, sadly, apologies`,
    fi: `valitettavasti, sori, anteeksi, pahoittelut, harmi, ikävä kyllä`,
    sv: `tyvärr, förlåt, ledsen, beklagar`,
    de: `leider, tut mir leid, es tut mir leid, schade, entschuldigung`,
    it: `purtroppo, mi dispiace, scusi, scusa, scusate, peccato`,
  },
  doubt: {
    en: `maybe, perhaps, possibly, depends, it depends, not sure, i'm not sure, unsure, don't know, i don't know, later,
      but, when, what, why, which, where, how, could, would`,
    fi: `ehkä, kenties, mahdollisesti, riippuu, en tiedä, en ole varma, en osaa sanoa, mutta, milloin, mitä, miksi, miten,
      missä, voinko, voisinko, onko, saanko, myöhemmin`,
    sv: `kanske, möjligen, eventuellt, beror på, vet inte, jag vet inte, vet ej, osäker, är osäker, men, när, varför, hur,
      kunde, senare, eller`,
    de: `vielleicht, eventuell, möglicherweise, kommt darauf an, weiß nicht, ich weiß nicht, unsicher, nicht sicher, aber,
      falls, wenn, wann, warum, könnte, später, oder, jein, naja, mal sehen`,
    it: `forse, magari, dipende, non so, non lo so, non sono sicuro, non sono sicura, quando, perché, cosa, dove, potrei,
      più tardi, oppure`,
  },
  courtesy: {
    en: `please, thanks, thank you, thank you so much, thank you very much, thanks a lot, thanks so much, many thanks,
      thanks again, thx, cheers, hello, hi, hey, good morning, good afternoon, good evening, good day, regards,
      best regards, kind regards, best wishes, bye, goodbye, see you, see you then, see you there, see you soon,
      have a nice day, have a good day, you too, same to you`,
    fi: `kiitos, kiitti, kiitoksia, kiitos paljon, paljon kiitoksia, suuret kiitokset, hei, hei hei, heippa, moi, moikka,
      moro, terve, tervehdys, huomenta, päivää, iltaa, hyvää huomenta, hyvää päivää, hyvää iltaa, terveisin, terv,
      ystävällisin terveisin, yst terv, nähdään, nähdään silloin, hyvää päivänjatkoa, hyvää päivän jatkoa,
      hyvää viikonloppua, samoin`,
    sv: `tack, tack så mycket, tusen tack, stort tack, många tack, tack på förhand, tack snälla, snälla, hej, hejsan, hallå,
      god morgon, godmorgon, god dag, god kväll, hälsningar, vänliga hälsningar, med vänlig hälsning,
      med vänliga hälsningar, mvh, vi ses, vi ses då, hej då, hejdå, ha en bra dag, ha det bra, trevlig helg, detsamma`,
    de: `bitte, danke, danke schön, dankeschön, danke sehr, danke vielmals, vielen dank, vielen lieben dank,
      herzlichen dank, besten dank, hallo, guten tag, guten morgen, guten abend, moin, servus, grüezi, grüß gott, gruß,
      grüße, liebe grüße, viele grüße, schöne grüße, beste grüße, freundliche grüße, mit freundlichen grüßen, mfg, lg,
      vg, bis dann, bis bald, bis dahin, tschüss, tschüß, auf wiedersehen, schönen tag, schönen tag noch,
      einen schönen tag, merci`,
    it: `grazie, grazie mille, mille grazie, molte grazie, tante grazie, grazie ancora, per favore, per piacere, prego,
      ciao, salve, buongiorno, buon giorno, buonasera, buona sera, buona giornata, buona serata, saluti,
      cordiali saluti, distinti saluti, arrivederci, a presto, ci vediamo, gentilmente`,
  },
};

/**
 * One slip from a no ("ei", "no", "ei käy"): each is a doubt, but for the language, if any, in which it is the usual yes
 * and not near to a no, where we know that this phone is written to in it.
 */
export const faintYes: ReadonlyMap<string, Language | null> = new Map([
  ['si', 'it'],
  ['jo', null],
  ['hei käy', null],
  ['hi käy', null],
]);

/** Each is read as this word; every other picture is noise. */
export const emojiWords: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from('👍👌🆗', (emoji) => [emoji, 'ok'])),
  ...Object.fromEntries(Array.from('✅✔☑', (emoji) => [emoji, 'yes'])),
  ...Object.fromEntries(Array.from('👎❌🚫✖✗✘⛔🛑🙅', (emoji) => [emoji, 'no'])),
  ...Object.fromEntries(Array.from('🤔🤷❓❔⁉🤨❎', (emoji) => [emoji, '?'])),
};

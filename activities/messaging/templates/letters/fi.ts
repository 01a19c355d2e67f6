import type { Letters } from './letter.ts';

const view = 'Katso ajan tiedot';
const answer = 'Vastaa';

export const fi: Letters = {
  words: {
    when: 'Milloin',
    where: 'Missä',
    answerBy: 'Vastaa viimeistään',
    insteadOf: 'Aiempi aika',
    call: 'Kysyttävää? Soita meille: {{ phone }}',
    automatic: 'Tämä viesti on lähetetty automaattisesti.',
    calendarEntry: 'Varattu aika',
  },
  letters: {
    booked: {
      subject: 'Aikasi: {{ clinic }}',
      heading: 'Aikasi on varattu',
      lead: 'Tervetuloa! Jos sinulle tulee este, ilmoitathan siitä meille hyvissä ajoin.',
      button: view,
    },
    confirmed: {
      subject: 'Aikasi on vahvistettu: {{ clinic }}',
      heading: 'Kiitos vahvistuksesta',
      lead: 'Aika on sinun, eikä sinun tarvitse tehdä muuta. Jos sinulle tulee este, ilmoitathan siitä meille hyvissä ajoin.',
      button: view,
    },
    moved: {
      subject: 'Aikasi on siirretty: {{ clinic }}',
      heading: 'Sinulla on uusi aika',
      lead: 'Uusi aika korvaa aiemman. Jos se ei sovi sinulle, ilmoitathan siitä meille.',
      button: view,
    },
    cancelled: {
      subject: 'Aikasi on peruttu: {{ clinic }}',
      heading: 'Aikasi on peruttu',
      lead: 'Sinun ei tarvitse tehdä mitään. Jos haluat uuden ajan, soita meille.',
      button: view,
    },
    expired: {
      subject: 'Varauksesi on rauennut: {{ clinic }}',
      heading: 'Aika ei ole enää varattuna sinulle',
      lead: 'Emme saaneet sinulta vastausta, joten aika on vapautunut muille. Jos haluat yhä tulla, soita meille, niin etsimme sinulle uuden ajan.',
      button: view,
    },
    ask: {
      subject: 'Vahvista aikasi: {{ clinic }}',
      heading: 'Sopiiko tämä aika sinulle?',
      lead: 'Olemme varanneet ajan sinulle. Vahvistathan sen ajoissa, muuten se vapautuu muille.',
      button: answer,
    },
    nudge: {
      subject: 'Aikasi odottaa vastaustasi: {{ clinic }}',
      heading: 'Aika on yhä varattuna sinulle',
      lead: 'Vahvistathan sen ajoissa, muuten se vapautuu muille.',
      button: answer,
    },
    reminder: {
      subject: 'Muistutus ajastasi: {{ clinic }}',
      heading: 'Nähdään pian',
      lead: 'Tervetuloa! Jos et pääse tulemaan, ilmoitathan siitä meille mahdollisimman pian, jotta joku muu voi saada ajan.',
      button: view,
    },
    offerWon: {
      subject: 'Aika on sinun: {{ clinic }}',
      heading: 'Ehdit ensimmäisenä',
      lead: 'Tervetuloa uuteen aikaan. Jos sinulla oli myöhempi aika, se on nyt vapautettu.',
      button: view,
    },
  },
};

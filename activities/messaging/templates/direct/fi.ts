import type { DirectTexts } from './texts.ts';

export const fi: DirectTexts = {
  offer:
    '{{ clinic }}: aika vapautui: {{ when }}, {{ place }}. Ota se vastaamalla {{ take }}; ensimmäinen vastaus ratkaisee.',
  offerInsteadOf: ' Silloin luovut ajastasi {{ own }}.',
  offerGone: '{{ clinic }}: valitettavasti aika {{ when }} meni toiselle.',
  ownStands: ' Oma aikasi {{ own }} pysyy ennallaan.',
  proposal: '{{ clinic }}, {{ place }}: valitse aika ja vastaa sen koodilla viimeistään {{ until }}.{{ list }}',
  proposalInsteadOf: '\nSe korvaa aikasi {{ own }}.',
  moveOrCancel:
    '{{ clinic }}: voit siirtää aikasi {{ when }} tästä: {{ link }} Vai perummeko sen? Vastaa silloin {{ code }}. Muuten aika pysyy.',
  replies: {
    optedOut: '{{ clinic }}: emme lähetä sinulle enää tekstiviestejä. Kysyttävää? Soita {{ phone }}',
    optedIn: '{{ clinic }}: saat taas tekstiviestimme. Kysyttävää? Soita {{ phone }}',
    help: '{{ clinic }}: vastaa viestiimme pelkällä koodilla. Muissa asioissa soita {{ phone }}',
    taken: '{{ clinic }}: valitettavasti tuo aika on jo varattu.',
    tooLate: '{{ clinic }}: valitettavasti vastauksesi tuli liian myöhään. Soita meille: {{ phone }}',
    callUs: '{{ clinic }}: tätä ei voi hoitaa tekstiviestillä. Soita meille: {{ phone }}',
    repeated: '{{ clinic }}: olemme jo saaneet vastauksesi aikaan {{ when }}. Muuta ei tarvita.',
    tooLateToCancel: '{{ clinic }}: aikaa {{ when }} ei voi enää perua viestillä. Soita meille: {{ phone }}',
    which: '{{ clinic }}: mitä aikaa tarkoitat? Vastaa pelkällä koodilla.{{ list }}',
    unclear:
      '{{ clinic }}: emme ole varmoja, mitä tarkoitat, joten mitään ei muutettu. Vastaa pelkällä koodilla tai soita {{ phone }}.{{ list }}',
    superseded: '{{ clinic }}: aika on muuttunut, joten vastaustasi ei otettu huomioon. Vastaa uudelleen.{{ list }}',
    confirmCancel: '{{ clinic }}: perummeko aikasi {{ when }}? Vastaa silloin {{ code }}. Muuten aika pysyy.',
  },
  answers: {
    confirm: 'vahvistan',
    giveUp: 'luovun ajasta',
    cannotCome: 'en pääse',
    take: 'otan ajan',
    cancel: 'perun ajan',
  },
  freeTextSubject: 'Viesti: {{ clinic }}',
};

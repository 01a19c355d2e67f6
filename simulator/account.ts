/** The one account that exists here. */
export const account = {
  sid: 'AC00000000000000000000000000000001',
  authToken: 'simulator-auth-token',
} as const;

export const apiVersion = '2010-04-01';

/** Its mail side. Everybody may know this key pair: it signs events on this machine and protects nothing. */
export const mailAccount = {
  apiKey: 'SG.simulator',
  /** PKCS #8, base64. */
  eventPrivateKey:
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgWx6Axf3Md8dTQoyKfXOyYTBHL0P1/ByMv/EtLLR/MguhRANCAARDku6ju6OmHhs/9OkPuYlaA2oe9fXNFLx/jx+TBjHtqIdmoeiZSBI+QTPbg5r5h0eHeTxWRxbgBXuDJaBxBvHg',
  /** SPKI, base64: as SendGrid shows the verification key in its settings. */
  eventPublicKey:
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQ5Luo7ujph4bP/TpD7mJWgNqHvX1zRS8f48fkwYx7aiHZqHomUgSPkEz24Oa+YdHh3k8VkcW4AV7gyWgcQbx4A==',
} as const;

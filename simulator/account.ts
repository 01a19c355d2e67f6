/** The one account that exists here. */
export const account = {
  sid: 'AC00000000000000000000000000000001',
  authToken: 'simulator-auth-token',
} as const;

export const apiVersion = '2010-04-01';

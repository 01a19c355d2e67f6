/** Some times kept for one patient until one of them is taken or the time to answer is up. */
export const proposalStatuses = ['waiting', 'answered', 'expired'] as const;
export type ProposalStatus = (typeof proposalStatuses)[number];

export const MOST_PROPOSED_TIMES = 3;

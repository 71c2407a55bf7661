/** Filled in by the build, so that asking for the version reads no file. */
declare const DEPLOY_ADVISOR_VERSION: string;

/** Who made a document: stands in every JSON output. */
export const tool = { name: 'deploy-advisor', version: DEPLOY_ADVISOR_VERSION };

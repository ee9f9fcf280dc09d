import packageDescription from '../../package.json' with {type: 'json'};

/** How the program calls itself to Bitbucket. */
export const userAgent = `${packageDescription.name}/${packageDescription.version}`;

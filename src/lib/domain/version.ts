/** Version of this app as its documents name it; a test holds it equal to package.json. */
export const APP_VERSION = '0.1.0';

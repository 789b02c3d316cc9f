export const name = 'rest'

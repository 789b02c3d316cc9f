export const name = 'db'

/** The document of an object as it should be; `isRight` tells whether it is stored so. */
export type CheckedDocument = { readonly id: string; readonly document: string; readonly isRight: boolean }

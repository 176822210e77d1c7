/** English: the editor. */
export const editor = {
  newSegmentation: 'Segmentation',
  errors: {
    differs: {
      message: 'What is stored differs from what is shown.',
      hint: 'Load the stored state, and repeat the last change.',
    },
  },
} as const;

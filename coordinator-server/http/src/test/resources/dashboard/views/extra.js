/** Stands for the view of a feature. */
export const view = { id: "extra", title: "Extra", create: () => ({}) };

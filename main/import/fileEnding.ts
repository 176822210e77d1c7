/** @returns the ending of a file name, lower case, with its dot; `.nii.gz` whole; '' when there is none */
export function fileEnding(name: string): string {
  const match = /(\.nii\.gz|\.[a-z0-9]{1,8})$/i.exec(name);
  return match?.[1]?.toLowerCase() ?? '';
}

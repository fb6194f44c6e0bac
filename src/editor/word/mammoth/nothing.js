// In the place of packages that only write .docx files, or read zip files.
export default null;

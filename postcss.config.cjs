// Mantine's preset: rem(), light-dark() mixins and breakpoints inside CSS modules.
module.exports = { plugins: { "postcss-preset-mantine": {} } };

import {
  ActionIcon,
  Button,
  CloseButton,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
} from "@mantine/core";
import button from "./theme/button.module.css";
import { baseComponents } from "./theme/components.tsx";

// Shade 9 is the ink of the light theme and shade 1 that of the dark one; the rest only fills the ramp.
const ink: MantineColorsTuple = [
  "#F1F3F6",
  "#DFE3E9",
  "#CBD0D8",
  "#AAB1BD",
  "#868F9E",
  "#5F6877",
  "#454E5C",
  "#373E49",
  "#2C323D",
  "#171B23",
];

/** Mantine's mapping of DESIGN section 2. The looks live in the CSS modules of `theme/`. */
export const theme = createTheme({
  primaryColor: "ink",
  primaryShade: { light: 9, dark: 1 },
  autoContrast: true,
  colors: { ink },
  defaultRadius: 5,
  fontFamily: "var(--font-ui)",
  fontFamilyMonospace: "var(--font-mono)",
  headings: { fontFamily: "var(--font-ui)", fontWeight: "620" },
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "16px", sm: "20px", md: "20px", lg: "24px", xl: "28px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "20px", xl: "24px" },
  radius: { xs: "3px", sm: "5px", md: "5px", lg: "8px", xl: "12px" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    ...baseComponents,
    Button: Button.extend({
      defaultProps: { size: "sm", variant: "default", loaderProps: { size: 14, color: "currentColor" } },
      classNames: { root: button.root, section: button.section, label: button.label, loader: button.loader },
    }),
    ActionIcon: ActionIcon.extend({
      defaultProps: { size: "sm", variant: "ghost" },
      classNames: { root: `${button.root} ${button.icon}` },
    }),
    CloseButton: CloseButton.extend({
      defaultProps: { size: "sm", iconSize: 16 },
      classNames: { root: button.close },
    }),
  },
});

const shared = {
  "--mantine-color-body": "var(--bg)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-dimmed": "var(--text-3)",
  "--mantine-color-placeholder": "var(--text-3)",
  "--mantine-color-anchor": "var(--accent)",
  "--mantine-color-error": "var(--bad)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--line-strong)",
};

/** Mantine's own words for our tokens; the tokens change with the colour scheme by themselves. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: shared,
  dark: shared,
});

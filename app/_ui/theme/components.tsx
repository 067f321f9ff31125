import type { MantineThemeComponents } from "@mantine/core";
import { IconChevronDown, IconEye, IconEyeOff } from "@tabler/icons-react";
import controls from "./controls.module.css";
import input from "./input.module.css";
import overlay from "./overlay.module.css";

/*
 * Defaults of the components that not every page uses. They are plain objects and not `Modal.extend(…)`,
 * so that the theme doesn't pull the code of every component into every page.
 */
const modalClassNames = {
  content: overlay.content,
  overlay: overlay.overlay,
  header: overlay.header,
  title: overlay.title,
  body: overlay.body,
};
const fieldWrapper = {
  label: input.label,
  required: input.required,
  description: input.description,
  error: input.error,
};
const field = {
  size: "sm",
  inputWrapperOrder: ["label", "input", "error", "description"],
  withAsterisk: false,
};

export const baseComponents: MantineThemeComponents = {
  InputWrapper: { defaultProps: field, classNames: fieldWrapper },
  Input: {
    defaultProps: { size: "sm" },
    classNames: { wrapper: input.wrapper, input: input.input, section: input.section },
  },
  TextInput: { defaultProps: field },
  Textarea: { defaultProps: field },
  Select: {
    defaultProps: {
      ...field,
      checkIconPosition: "right",
      allowDeselect: false,
      rightSection: <IconChevronDown size={14} aria-hidden />,
      rightSectionPointerEvents: "none",
    },
  },
  NumberInput: { defaultProps: field },
  FileInput: { defaultProps: field },
  PasswordInput: {
    defaultProps: {
      ...field,
      visibilityToggleIcon: ({ reveal }: { reveal: boolean }) =>
        reveal ? <IconEyeOff aria-hidden /> : <IconEye aria-hidden />,
    },
    classNames: { innerInput: input.innerPassword, visibilityToggle: input.toggle },
  },
  Checkbox: {
    defaultProps: { size: "xs" },
    classNames: {
      labelWrapper: controls.checkBody,
      inner: controls.checkInner,
      input: controls.check,
      icon: controls.checkIcon,
      label: controls.checkLabel,
      description: controls.checkDescription,
    },
  },
  Radio: {
    defaultProps: { size: "xs" },
    classNames: {
      labelWrapper: controls.checkBody,
      inner: controls.checkInner,
      radio: controls.radio,
      icon: controls.radioIcon,
      label: controls.checkLabel,
    },
  },
  RadioCard: { classNames: { card: controls.radioCard } },
  RadioIndicator: { classNames: { indicator: controls.indicator, icon: controls.radioIcon } },
  Switch: {
    defaultProps: { size: "xs", withThumbIndicator: false },
    classNames: {
      labelWrapper: controls.checkBody,
      input: controls.switchInput,
      track: controls.track,
      thumb: controls.thumb,
      label: controls.checkLabel,
      description: controls.checkDescription,
    },
  },
  SegmentedControl: {
    defaultProps: { size: "sm", transitionDuration: 90, withItemsBorders: false },
    classNames: {
      root: controls.segRoot,
      label: controls.segLabel,
      indicator: controls.segIndicator,
      control: controls.segControl,
      input: controls.segInput,
    },
  },
  Tabs: { classNames: { root: controls.tabs, list: controls.tabsList, tab: controls.tab } },
  Modal: {
    defaultProps: {
      size: 600,
      radius: 12,
      yOffset: 64,
      padding: 0,
      overlayProps: { blur: 0 },
      transitionProps: { transition: "fade-down", duration: 160 },
      closeButtonProps: { "aria-label": "Close" },
    },
    classNames: modalClassNames,
  },
  Drawer: {
    defaultProps: {
      size: 480,
      position: "right",
      padding: 0,
      transitionProps: { duration: 160 },
      closeButtonProps: { "aria-label": "Close" },
    },
    classNames: { ...modalClassNames, content: overlay.drawer },
  },
  Menu: {
    defaultProps: { shadow: "none", position: "bottom-end", transitionProps: { duration: 90 } },
    classNames: {
      dropdown: overlay.dropdown,
      item: overlay.item,
      label: overlay.menuLabel,
      divider: overlay.divider,
    },
  },
  Popover: {
    defaultProps: { transitionProps: { duration: 90 } },
    classNames: { dropdown: overlay.dropdown },
  },
  Combobox: {
    defaultProps: { transitionProps: { duration: 90 }, shadow: "none" },
    classNames: {
      dropdown: overlay.dropdown,
      option: overlay.option,
      search: overlay.search,
      empty: overlay.empty,
    },
  },
  Tooltip: {
    defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: true } },
    classNames: { tooltip: overlay.tooltip },
  },
  Notification: {
    classNames: {
      root: overlay.toast,
      icon: overlay.toastIcon,
      title: overlay.toastTitle,
      description: overlay.toastText,
    },
  },
};

import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** The whole look: colours by meaning for both schemes, type scale, spacing, radius. Style sheets use only `--fl-*` and Mantine's sizes. */

const petrol: MantineColorsTuple = [
  '#eaf4f8',
  '#d3e6ee',
  '#a8cddd',
  '#79b3cb',
  '#529dbb',
  '#378fb1',
  '#1f7696',
  '#13637f',
  '#0c556f',
  '#06465c'
]

/** Warm greys, so that dark surfaces and Mantine's own parts are of one material. */
const dark: MantineColorsTuple = [
  '#e9e8e4',
  '#c6c7c9',
  '#aeb1b7',
  '#8f939b',
  '#3d434b',
  '#2f343b',
  '#22262b',
  '#191c20',
  '#121417',
  '#0d0f11'
]

const gray: MantineColorsTuple = [
  '#f7f6f3',
  '#f1efea',
  '#e9e7e1',
  '#dedbd3',
  '#c9c4b9',
  '#a9a69e',
  '#7f7e7b',
  '#5c5d60',
  '#3a3c41',
  '#1c1e22'
]

const LIGHT = {
  page: '#f7f6f3',
  surface: '#ffffff',
  sunken: '#f1efea',
  hover: '#f4f2ee',
  line: '#e4e1da',
  'line-strong': '#c9c4b9',
  ink: '#1c1e22',
  'ink-2': '#4d5057',
  'ink-3': '#666970',
  accent: '#0c5f7c',
  fault: '#c8401a',
  harm: '#4a4f5c',
  pass: '#166a38',
  'pass-soft': '#e3f2e7',
  'pass-solid': '#2b9a57',
  fail: '#a5211a',
  'fail-soft': '#fbe8e5',
  'fail-solid': '#d2382e',
  wait: '#7a5000',
  'wait-soft': '#f9efd7',
  'wait-solid': '#c98a12',
  live: '#1a539f',
  'live-soft': '#e5eefa',
  'live-solid': '#3f7fd6',
  idle: '#53565d',
  'idle-soft': '#eceae5',
  'idle-solid': '#9a9ca2'
}

const DARK: typeof LIGHT = {
  page: '#121417',
  surface: '#191c20',
  sunken: '#0e1012',
  hover: '#1f2328',
  line: '#2a2e34',
  'line-strong': '#454b54',
  ink: '#e9e8e4',
  'ink-2': '#b6b9be',
  'ink-3': '#979ba3',
  accent: '#6cc0dc',
  fault: '#f2774d',
  harm: '#9aa3b5',
  pass: '#85d7a0',
  'pass-soft': '#17301f',
  'pass-solid': '#3fae6a',
  fail: '#ff9f95',
  'fail-soft': '#3b1d1b',
  'fail-solid': '#e5564b',
  wait: '#ebc46c',
  'wait-soft': '#342910',
  'wait-solid': '#d29a2a',
  live: '#93bdf6',
  'live-soft': '#192b44',
  'live-solid': '#5b95e6',
  idle: '#b6b9be',
  'idle-soft': '#24282e',
  'idle-solid': '#6d727a'
}

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 8, dark: 6 },
  colors: { petrol, dark, gray },
  black: LIGHT.ink,
  fontFamily:
    '-apple-system, "Segoe UI Variable Text", "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Liberation Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.1875rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2.25rem' },
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '20px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '650' },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    InputWrapper: { defaultProps: { withAsterisk: false } },
    Notification: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } },
      styles: { description: { color: 'var(--fl-ink-2)' } }
    },
    Modal: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        radius: 'md',
        centered: true,
        // the lock would bring a style of its own, without the nonce that the content security policy asks for
        lockScroll: false,
        overlayProps: { backgroundOpacity: 0.45 },
        styles: { title: { fontWeight: 620 } }
      }
    },
    // its colours would wander, also where motion is reduced
    SegmentedControl: { defaultProps: { transitionDuration: 0 } },
    // a header element, but no banner of the page
    ModalHeader: { defaultProps: { role: 'presentation' } },
    Tooltip: {
      defaultProps: {
        openDelay: 250,
        withArrow: false,
        maw: 340,
        multiline: true,
        events: { hover: true, focus: true, touch: true }
      }
    }
  }
})

/** `--fl-<name>` for each meaning; Mantine's own neutral surfaces follow. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...prefixed(LIGHT), ...mantine(LIGHT) },
  dark: { ...prefixed(DARK), ...mantine(DARK) }
})

function prefixed(colors: typeof LIGHT): Record<string, string> {
  return Object.fromEntries(Object.entries(colors).map(([name, value]) => [`--fl-${name}`, value]))
}

function mantine(colors: typeof LIGHT): Record<string, string> {
  return {
    '--mantine-color-body': colors.surface,
    '--mantine-color-text': colors.ink,
    '--mantine-color-dimmed': colors['ink-3'],
    '--mantine-color-placeholder': colors['ink-3'],
    '--mantine-color-anchor': colors.accent,
    '--mantine-color-default-border': colors['line-strong'],
    '--mantine-color-error': colors.fail
  }
}

/** The page's entry: styles in their order, the theme, the app. Next: app/App.tsx. */
import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import '@mantine/dropzone/styles.css';
import './ui/tokens.css';
import './app/app.css';
import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { config } from 'zod/v4/core';
import { App } from './app/App.tsx';
import { ErrorBoundary } from './app/ErrorBoundary.tsx';
import { cssVariablesResolver, theme } from './app/theme.ts';

// The page's policy forbids eval; without this zod would try it once, and the browser would report a violation.
config({ jitless: true });

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} forceColorScheme="dark">
      <ErrorBoundary>
        <ModalsProvider>
          <Notifications position="bottom-right" limit={5} className="notices" />
          <App />
        </ModalsProvider>
      </ErrorBoundary>
    </MantineProvider>
  </StrictMode>,
);

/** Catches a bug of a screen: a sentence and the next step instead of an empty window. Saved work is not touched by it. */
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { EmptyState } from '../ui/EmptyState.tsx';
import { words } from '../words/index.ts';

interface Props {
  readonly children: ReactNode;
  /** Where to go from here, besides reloading. */
  readonly onLeave?: () => void;
}

export class ErrorBoundary extends Component<Props, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    const { boundary } = words.app;
    const leave = this.props.onLeave;
    return (
      <main role="alert">
        <EmptyState icon={IconAlertTriangle} sentence={boundary.sentence} detail={boundary.detail}>
          {leave && (
            <Button
              variant="default"
              onClick={() => {
                leave();
                this.setState({ broken: false });
              }}
            >
              {boundary.back}
            </Button>
          )}
          <Button onClick={() => location.reload()}>{boundary.reload}</Button>
        </EmptyState>
      </main>
    );
  }
}

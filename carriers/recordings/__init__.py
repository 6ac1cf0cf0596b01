"""What a person recorded in a browser, read into steps: Chrome DevTools Recorder and Selenium IDE."""
